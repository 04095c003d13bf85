"""What a request costs beside yardsticks in the same run: `python -m bench --articles 10000 --database sqlite`."""
