"""The benchmarks that README quotes: every figure is a ratio to something that the same run measures."""
