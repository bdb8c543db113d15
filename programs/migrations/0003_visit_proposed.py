from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0002_monthly_corrections_and_addresses"),
        ("registry", "0012_check_confirmed_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="proposed",
            field=models.ManyToManyField(editable=False, related_name="visits", to="registry.submission"),
        ),
    ]
