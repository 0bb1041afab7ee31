"""Benchmarks (docs/benchmarks.md): every figure is a ratio to a baseline that the same run measures."""
