"""manage.py create_token USER: print a new API token once."""

from django.core.management.base import BaseCommand, CommandError
from knox.models import AuthToken

from accounts import audit
from accounts.models import User


class Command(BaseCommand):
    help = "Membuat token API untuk satu akun dan menampilkannya satu kali."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Tidak ada akun aktif bernama {username}.")
        row, token = AuthToken.objects.create(user=user)
        audit.record("token.created", user, by=None, expires_at=row.expiry.isoformat())
        self.stdout.write(token)
