package dev.husk.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Answers each {@code CR LF CR LF}, the end of a request without a body, with prepared bytes. The
 * state is how much of the terminator was seen, so that a request may come in any pieces without
 * being collected.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A void promise; a failed channel is closed.
final class TerminatorHandler extends ChannelInboundHandlerAdapter {
  private static final int TERMINATOR = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

  private final byte[] bytes;
  private ByteBuf response;
  private int lastFour;

  TerminatorHandler(byte[] response) {
    this.bytes = response;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    response = context.alloc().directBuffer(bytes.length).writeBytes(bytes);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    response.release();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    int last = lastFour;
    int limit = in.writerIndex();
    for (int i = in.readerIndex(); i < limit; i++) {
      last = last << 8 | in.getUnsignedByte(i);
      if (last == TERMINATOR) {
        answer(context);
      }
    }
    lastFour = last;
    in.release();
  }

  private void answer(ChannelHandlerContext context) {
    // With one reference the last answer has left the channel, and its buffer can go out again
    // as it is; else (pipelined requests, a full socket) this answer gets indices of its own.
    ByteBuf out =
        response.refCnt() == 1
            ? response.retain().readerIndex(0)
            : response.retainedDuplicate().setIndex(0, bytes.length);
    context.write(out, context.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
