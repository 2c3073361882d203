package notes;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Answers after a while, from another thread. */
final class Slow extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    AsyncContext async = request.startAsync();
    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              try {
                response.getOutputStream().print("at last");
              } catch (IOException e) {
                request.getServletContext().log("the client has gone", e);
              }
              async.complete();
            });
  }
}
