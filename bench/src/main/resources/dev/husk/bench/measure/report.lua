-- Prints what wrk knows at the end of a run as one line that a program can read. The response is
-- not looked at here: a response() callback would cost more than the request it counts.
done = function(summary, latency, requests)
  io.write(string.format(
    "load requests=%d duration_us=%d bytes=%d errors=%d p50_us=%d p99_us=%d p999_us=%d max_us=%d\n",
    summary.requests, summary.duration, summary.bytes,
    summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.status + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
end
