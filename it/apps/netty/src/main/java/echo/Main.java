package echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.nio.file.Files;
import java.nio.file.Path;

/** Netty on its native transport where the machine has it. */
final class Main {
  private Main() {}

  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final Path file;

    Pipeline(Path file) {
      this.file = file;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(),
              new HttpObjectAggregator(1 << 20),
              new HttpContentCompressor(),
              new ChunkedWriteHandler(),
              new Answers(file, Epoll.isAvailable() ? "epoll" : "nio"));
    }
  }

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("echo", ".bin");
    Files.write(file, new byte[100_000]);
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> channel =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(handler);
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(group, main)));
    String port = System.getenv("PORT");
    new ServerBootstrap()
        .group(group)
        .channel(channel)
        .childHandler(new Pipeline(file))
        .bind(port == null ? 8080 : Integer.parseInt(port))
        .sync()
        .channel()
        .closeFuture()
        .sync();
    Files.delete(file);
    System.out.println("closed");
  }

  private static void end(MultiThreadIoEventLoopGroup group, Thread main) {
    group.shutdownGracefully();
    try {
      main.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
