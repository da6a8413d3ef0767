"""Report of the benchmarks: figures beside their goals, tables and plots in docs/performance.md."""
