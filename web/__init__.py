"""The participants' pages: a link shows a form, a button sends it; nothing here needs an account or a script."""
