"""``python -m netpol_sim`` is the same as ``netpol``."""

import sys

from netpol_sim.cli import main

sys.exit(main())
