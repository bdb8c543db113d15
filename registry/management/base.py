"""What the load commands share: a refusal is printed as a plain message and the exit code is 1."""

from django.core.management.base import BaseCommand, CommandError

from umkm_portal.lib.errors import Refused


class LoadCommand(BaseCommand):
    """Subclasses give `load(options)`: it loads all or nothing and returns the lines to print."""

    def load(self, options):
        raise NotImplementedError

    def handle(self, *args, **options):
        try:
            lines = self.load(options)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        for line in lines:
            self.stdout.write(str(line))
