from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "umkm_portal.lib"
    label = "lib"
