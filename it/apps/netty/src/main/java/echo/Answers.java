package echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.stream.ChunkedNioFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Says the body back, sends a file in chunks, or says what it runs on. */
final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final Path file;
  private final String transport;

  Answers(Path file, String transport) {
    this.file = file;
    this.transport = transport;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
      throws IOException {
    switch (new QueryStringDecoder(request.uri()).path()) {
      case "/" ->
          send(context, request, HttpResponseStatus.OK, text("Netty on " + transport + "\n"));
      case "/echo" -> send(context, request, HttpResponseStatus.OK, request.content().retain());
      case "/file" -> sendFile(context);
      default ->
          send(context, request, HttpResponseStatus.NOT_FOUND, text("no " + request.uri() + "\n"));
    }
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static void send(
      ChannelHandlerContext context,
      FullHttpRequest request,
      HttpResponseStatus status,
      ByteBuf body) {
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    HttpUtil.setContentLength(response, body.readableBytes());
    boolean stays = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, stays);
    var written = context.writeAndFlush(response);
    if (!stays) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void sendFile(ChannelHandlerContext context) throws IOException {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream")
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    context.write(response);
    context.writeAndFlush(new HttpChunkedInput(new ChunkedNioFile(FileChannel.open(file))));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    cause.printStackTrace();
    context.close();
  }
}
