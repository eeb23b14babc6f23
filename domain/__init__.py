"""The program's rules, pure: no clock, no network, no file; everything here could be checked on paper."""
