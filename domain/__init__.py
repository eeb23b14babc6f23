"""The program's rules, pure: no clock, no network, no file; everything here can be checked on paper."""
