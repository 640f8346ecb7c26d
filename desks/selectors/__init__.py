"""What pages show that reads several rooms."""
