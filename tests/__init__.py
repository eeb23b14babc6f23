"""The tests. This folder and three in it are packages: pytest ends what a package shares after its last test."""
