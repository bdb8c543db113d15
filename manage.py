#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "umkm_portal.settings")
    if sys.argv[1:2] == ["demo"]:
        from umkm_portal.bootstrap import write_demo_environment

        write_demo_environment()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
