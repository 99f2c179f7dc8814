import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('minute', models.DateTimeField(blank=True, null=True)),
                ('in_minute', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('given_at', models.DateTimeField()),
                ('how', models.CharField(help_text='Where and in what words they agreed', max_length=200)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-given_at', '-pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('address'), condition=models.Q(('withdrawn_at', None)), name='consent_address_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='Key of the email, as manage.py house prints it', max_length=80)),
                ('category', models.CharField(default='service', max_length=12)),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('from_email', models.CharField(max_length=254)),
                ('to_email', models.EmailField(max_length=254)),
                ('to_name', models.CharField(blank=True, max_length=150)),
                ('reply_to', models.EmailField(blank=True, max_length=254)),
                ('subject', models.CharField(max_length=250)),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('headers', models.JSONField(blank=True, default=dict)),
                ('about_type', models.CharField(blank=True, max_length=80)),
                ('about_id', models.CharField(blank=True, max_length=40)),
                ('cohort_id', models.BigIntegerField(blank=True, db_index=True, null=True)),
                ('message_id', models.CharField(max_length=120, unique=True)),
                ('provider_id', models.CharField(blank=True, editable=False, help_text="The provider's name for it", max_length=200)),
                ('state', models.CharField(choices=[('pending', 'Due'), ('queued', 'Going out'), ('sending', 'Being sent'), ('sent', 'Sent'), ('held', 'Held'), ('skipped', 'Skipped'), ('failed', 'Failed'), ('uncertain', 'Uncertain')], default='pending', editable=False, max_length=10)),
                ('on_uncertain', models.CharField(default='resend', max_length=8)),
                ('urgent', models.BooleanField(default=False, help_text='Somebody is waiting for it at the screen')),
                ('secret', models.BooleanField(default=False, help_text='Its words are still to be removed')),
                ('written_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='When to try, or to try again')),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('dated_at', models.DateTimeField(blank=True, editable=False, help_text='The Date of every copy', null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('token', models.UUIDField(blank=True, default=None, editable=False, null=True)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('resent', models.BooleanField(default=False, editable=False, help_text='A second, identical copy was allowed')),
                ('released', models.BooleanField(default=False, editable=False, help_text='The office has looked at it: not held again')),
                ('reason', models.CharField(blank=True, help_text='Why it was held, skipped, or failed', max_length=300)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-due_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='message_pending_due'), models.Index(condition=models.Q(('state', 'pending'), ('urgent', True)), fields=['due_at'], name='message_urgent_due'), models.Index(condition=models.Q(('secret', True)), fields=['expires_at'], name='message_secrets'), models.Index(fields=['sent_at'], name='message_sent_at'), models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['lease_until'], name='message_leases'), models.Index(fields=['state', '-due_at'], name='message_state_due'), models.Index(fields=['about_type', 'about_id'], name='message_about'), models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='message_provider_id')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='message_sent_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state__in', ['queued', 'sending']), ('token__isnull', False)), models.Q(('state__in', ['queued', 'sending']), _negated=True), _connector='OR'), name='message_claimed_has_token_and_lease')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=120)),
                ('content_type', models.CharField(help_text='With parameters, such as text/calendar; method="REQUEST"', max_length=120)),
                ('content', models.BinaryField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='outbox.message')),
            ],
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('reason', models.CharField(max_length=300)),
                ('since', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to again since')),
            ],
            options={
                'ordering': ['-since', '-pk'],
                'verbose_name': 'stopped address',
                'verbose_name_plural': 'stopped addresses',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('address'), condition=models.Q(('lifted_at', None)), name='suppression_address_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80)),
                ('version', models.PositiveIntegerField()),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('opening', models.TextField(blank=True)),
                ('closing', models.TextField(blank=True)),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.CharField(max_length=150)),
            ],
            options={
                'ordering': ['kind', '-version'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='wording_version_unique')],
            },
        ),
    ]
