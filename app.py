"""Start here: ``streamlit run app.py``. The frame of every page; what a page shows stands in ``pages/``."""

from advisor.ui import shell

shell.main()
