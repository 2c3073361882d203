// Looks for what a reader would stumble over, and writes it into the title of the page around it: one finding a line.
addEventListener("load", () => {
  const findings = [];
  const width = document.documentElement.clientWidth;
  findings.push("width " + width);
  if (document.documentElement.scrollWidth > width) {
    findings.push("the page is " + document.documentElement.scrollWidth + " wide");
  }
  const shown = element => element.getClientRects().length > 0 && getComputedStyle(element).clipPath === "none";
  for (const element of document.querySelectorAll("main *")) {
    const box = element.getBoundingClientRect();
    if (shown(element) && !element.closest("svg") && !element.closest("thead, .hidden") && box.right > width + 0.5) {
      findings.push("beyond the edge: " + element.tagName + " " + element.textContent.slice(0, 40));
    }
  }
  let charts = 0;
  for (const svg of document.querySelectorAll("figure svg:not(.sample)")) {
    if (!shown(svg)) {
      continue;
    }
    charts++;
    const frame = svg.getBoundingClientRect();
    const size = 12 * frame.width / svg.viewBox.baseVal.width;
    if (size < MIN_FONT) {
      findings.push("text of " + size.toFixed(1) + " px in " + svg.querySelector("title").textContent);
    }
    const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
    texts.forEach(([text, box], i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        findings.push("cut: " + text);
      }
      for (const [other, its] of texts.slice(i + 1)) {
        if (box.left < its.right && its.left < box.right && box.top + 2 < its.bottom && its.top + 2 < box.bottom) {
          findings.push("overlap: " + text + " and " + other);
        }
      }
    });
  }
  findings.push("charts " + charts);
  parent.document.title = findings.join("\n");
});
