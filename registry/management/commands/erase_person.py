"""manage.py erase_person UUID --reason WORDS: empty a person's data, or say what stands in the way."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from registry.models import Person
from registry.submissions.erasing import erase
from umkm_portal.lib.errors import Refused


class Command(BaseCommand):
    help = "Mengosongkan data pribadi satu orang bila tidak ada usaha yang memerlukannya."

    def add_arguments(self, parser):
        parser.add_argument("uuid", help="nomor pengenal pada alamat halaman orangnya")
        parser.add_argument("--reason", required=True, help="alasan, misalnya nomor surat permintaan pemilik")
        parser.add_argument("--by", help="nama akun yang meminta, bila ada")

    def handle(self, uuid, reason, by, **options):
        try:
            person = Person.objects.filter(uuid=uuid).first()
        except ValidationError as error:
            raise CommandError("Nomor pengenal itu bukan UUID.") from error
        if person is None:
            raise CommandError("Tidak ada orang dengan nomor pengenal itu.")
        user = User.objects.filter(username=by).first() if by else None
        if by and user is None:
            raise CommandError(f"Akun {by} tidak ada.")
        try:
            erase(person, reason=reason, by=user)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write("Data orang ini dikosongkan dan tercatat pada jejak.")
