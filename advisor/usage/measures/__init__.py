"""What is measured on the canonical tables: few scans in Ibis, then sums by hour in numpy."""
