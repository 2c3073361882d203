package pages;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A book of guests, in a file of the app's directory. */
final class Guests extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Path book;

  Guests(Path book) {
    this.book = book;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    if (Files.exists(book)) {
      response.getWriter().print(Files.readString(book));
    } else {
      response.sendError(HttpServletResponse.SC_NOT_FOUND, "nobody yet");
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.setCharacterEncoding(StandardCharsets.UTF_8);
    String line = request.getParameter("name") + "\n";
    Files.writeString(book, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    request.getSession().setAttribute("name", request.getParameter("name"));
    response.sendRedirect("/guests");
  }
}
