package pages;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** Takes files of forms. */
final class Upload extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    response.setContentType("text/plain;charset=UTF-8");
    for (Part part : request.getParts()) {
      CRC32 crc = new CRC32();
      try (InputStream in = part.getInputStream()) {
        crc.update(in.readAllBytes());
      }
      response
          .getWriter()
          .printf("%s %d %08x%n", part.getSubmittedFileName(), part.getSize(), crc.getValue());
      part.delete();
    }
  }
}
