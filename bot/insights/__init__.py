"""What owners see of how the assistant is used: counts by day, and a report of them."""
