"""Benchmarks (docs/benchmarks.md): every figure is a ratio to something that the same run measures."""
