from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "umkm_portal.demo"
    label = "demo"
