package notes;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Notes by their names, in memory; and how often a session has asked. */
final class Notes extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Map<String, String> notes = new ConcurrentSkipListMap<>();

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    Integer asked = (Integer) session.getAttribute("asked");
    int times = asked == null ? 1 : asked + 1;
    session.setAttribute("asked", times);
    String note = notes.get(request.getPathInfo());
    if (note == null) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    response.setContentType("text/plain;charset=utf-8");
    response.getWriter().print(note + " (" + times + ")");
  }

  @Override
  protected void doPut(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    notes.put(request.getPathInfo(), request.getReader().readLine());
    response.setStatus(HttpServletResponse.SC_CREATED);
  }
}
