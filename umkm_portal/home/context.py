"""What every page knows."""


def portal(request):
    return {"site_name": "UMKM Kota Malang"}
