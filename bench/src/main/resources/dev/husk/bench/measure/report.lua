-- Prints what wrk knows at the end of a run as one line that a program can read. The response is
-- not looked at here: a response() callback would cost more than the request it counts.
done = function(summary, latency, requests)
  io.write(string.format(
    "load requests=%d bytes=%d duration_us=%d p50_us=%d p99_us=%d p999_us=%d\n",
    summary.requests, summary.bytes, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
