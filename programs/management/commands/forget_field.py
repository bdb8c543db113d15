"""manage.py forget_field UUID --reason WORDS: empty what the field's rows say about one business."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from programs.visits.retention import forget_business
from registry.models import Business


class Command(BaseCommand):
    help = "Mengosongkan catatan dan foto lapangan tentang satu usaha, atas permintaan pemiliknya."

    def add_arguments(self, parser):
        parser.add_argument("uuid", help="nomor pengenal usahanya")
        parser.add_argument("--reason", required=True, help="alasan, misalnya nomor surat permintaan pemilik")
        parser.add_argument("--by", help="nama akun yang meminta, bila ada")

    def handle(self, uuid, reason, by, **options):
        try:
            business = Business.objects.filter(uuid=uuid).first()
        except ValidationError as error:
            raise CommandError("Nomor pengenal itu bukan UUID.") from error
        if business is None:
            raise CommandError("Tidak ada usaha dengan nomor pengenal itu.")
        user = User.objects.filter(username=by).first() if by else None
        if by and user is None:
            raise CommandError(f"Akun {by} tidak ada.")
        count = forget_business(business, by=user, reason=reason)
        self.stdout.write(f"{count} catatan dan foto dikosongkan dan tercatat pada jejak.")
