"""`python -m archive_verify`: the command line."""

import sys

from archive_verify.cli import main

sys.exit(main())
