"""Seeded faults on the local stack: kill, pause, fill and set wrong each part while a class answers its emails."""
