package dev.husk.examples.tomcat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Answers with a small text. {@code ?wait=<ms>} first blocks the request's thread for so long, as a
 * call to a database would.
 */
final class TextServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final long MAX_WAIT_MILLIS = 60_000;
  private static final byte[] TEXT = "Hello from Tomcat\n".getBytes(StandardCharsets.UTF_8);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String wait = request.getParameter("wait");
    if (wait != null && !sleep(wait)) {
      response.sendError(
          HttpServletResponse.SC_BAD_REQUEST, "wait: 0 to " + MAX_WAIT_MILLIS + " milliseconds");
      return;
    }
    response.setContentType("text/plain;charset=utf-8");
    response.setContentLength(TEXT.length);
    response.getOutputStream().write(TEXT);
  }

  private static boolean sleep(String wait) {
    try {
      long millis = Long.parseLong(wait);
      if (millis < 0 || millis > MAX_WAIT_MILLIS) {
        return false;
      }
      Thread.sleep(millis);
      return true;
    } catch (NumberFormatException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
