from django.core.management.base import BaseCommand

from leaders.people.keys import encrypted_fields, keys, renew_field


class Command(BaseCommand):
    help = "Renew under the first of FIELD_KEYS what older keys encrypted, so that they can be taken away."

    def handle(self, **options):
        total = 0
        for field in encrypted_fields():
            total += self.told(f"{field.model._meta.label}.{field.name}", renew_field(field))
        for part in keys:
            total += self.told(part.title, part.brings())
        self.stdout.write(f"{total} rows were renewed. Everything is under the first key of FIELD_KEYS.")

    def told(self, what: str, count: int) -> int:
        if count:
            self.stdout.write(f"{what}: {count}")
        return count
