import django.db.models.deletion
import django.db.models.functions.text
import secrets
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=150, verbose_name='full name')),
                ('known_as', models.CharField(blank=True, help_text='What to call them, if not their first name', max_length=80)),
                ('pronouns', models.CharField(blank=True, max_length=40)),
                ('role_title', models.CharField(blank=True, max_length=150, verbose_name='job title')),
                ('service', models.CharField(blank=True, max_length=150, verbose_name='service or directorate')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('digest_day', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday')], default=3, verbose_name='day of the weekly email')),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False, editable=False, verbose_name='may enter the office')),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='person_email_unique_any_case'), models.CheckConstraint(condition=models.Q(('digest_day__lte', 4)), name='person_digest_day_is_a_weekday')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('action', models.CharField(max_length=80)),
                ('sentence', models.CharField(help_text='What happened, for the office to read', max_length=300)),
                ('actor_id', models.BigIntegerField(db_index=True, null=True)),
                ('actor', models.CharField(blank=True, max_length=150)),
                ('person_id', models.BigIntegerField(db_index=True, help_text='Whom it is about', null=True)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=200)),
                ('cohort_id', models.BigIntegerField(db_index=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='audit_event_subject')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalOrganisation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('authority', 'London authority'), ('regional', 'London-wide body'), ('health', 'Health'), ('police', 'Police'), ('youth', 'Youth services'), ('probation', 'Probation'), ('voluntary', 'Voluntary sector'), ('outside_london', 'Outside London'), ('independent', 'Independent')], default='authority', max_length=20)),
                ('name', models.CharField(db_index=True, help_text='Short name, such as Camden', max_length=200)),
                ('formal_name', models.CharField(help_text='Such as London Borough of Camden', max_length=200)),
                ('slug', models.SlugField(max_length=80)),
                ('gss_code', models.CharField(blank=True, db_index=True, max_length=9, null=True, verbose_name='GSS code')),
                ('short_code', models.CharField(blank=True, db_index=True, max_length=3, null=True)),
                ('subregion', models.CharField(blank=True, max_length=20, verbose_name='sub-region')),
                ('inner_outer', models.CharField(blank=True, max_length=10, verbose_name='inner or outer London')),
                ('partnership', models.CharField(blank=True, max_length=60)),
                ('website_domain', models.CharField(blank=True, max_length=100)),
                ('email_domains', models.JSONField(blank=True, default=list)),
                ('tile_col', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('tile_row', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical organisation',
                'verbose_name_plural': 'historical organisations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('authority', 'London authority'), ('regional', 'London-wide body'), ('health', 'Health'), ('police', 'Police'), ('youth', 'Youth services'), ('probation', 'Probation'), ('voluntary', 'Voluntary sector'), ('outside_london', 'Outside London'), ('independent', 'Independent')], default='authority', max_length=20)),
                ('name', models.CharField(help_text='Short name, such as Camden', max_length=200, unique=True)),
                ('formal_name', models.CharField(help_text='Such as London Borough of Camden', max_length=200)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('gss_code', models.CharField(blank=True, max_length=9, null=True, unique=True, verbose_name='GSS code')),
                ('short_code', models.CharField(blank=True, max_length=3, null=True, unique=True)),
                ('subregion', models.CharField(blank=True, max_length=20, verbose_name='sub-region')),
                ('inner_outer', models.CharField(blank=True, max_length=10, verbose_name='inner or outer London')),
                ('partnership', models.CharField(blank=True, max_length=60)),
                ('website_domain', models.CharField(blank=True, max_length=100)),
                ('email_domains', models.JSONField(blank=True, default=list)),
                ('tile_col', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('tile_row', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'authority'), _negated=True), models.Q(('gss_code__isnull', False), ('short_code__isnull', False)), _connector='OR'), name='organisation_authority_has_codes'), models.UniqueConstraint(fields=('tile_col', 'tile_row'), name='organisation_tile_unique')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPerson',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('email', models.EmailField(db_index=True, max_length=254)),
                ('name', models.CharField(max_length=150, verbose_name='full name')),
                ('known_as', models.CharField(blank=True, help_text='What to call them, if not their first name', max_length=80)),
                ('pronouns', models.CharField(blank=True, max_length=40)),
                ('role_title', models.CharField(blank=True, max_length=150, verbose_name='job title')),
                ('service', models.CharField(blank=True, max_length=150, verbose_name='service or directorate')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('digest_day', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday')], default=3, verbose_name='day of the weekly email')),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False, editable=False, verbose_name='may enter the office')),
                ('joined_at', models.DateTimeField(blank=True, editable=False)),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.organisation')),
            ],
            options={
                'verbose_name': 'historical person',
                'verbose_name_plural': 'historical people',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='person',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.organisation'),
        ),
        migrations.CreateModel(
            name='PrivateLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=40)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('nonce', models.CharField(default=secrets.token_urlsafe, editable=False, max_length=43)),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='private_links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'purpose'], name='private_link_subject')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('director', 'Programme director'), ('administrator', 'Administrator'), ('panel_member', 'Panel member'), ('participant', 'Participant'), ('mentor', 'Mentor'), ('coach', 'Coach'), ('sponsor', 'Sponsor')], max_length=20)),
                ('granted_at', models.DateTimeField()),
                ('granted_by', models.CharField(help_text='Who gave it, by name, or the programme itself', max_length=150)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['role'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person', 'role'), name='role_held_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='PrivacyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('access', 'Ask for everything in writing'), ('correction', 'Ask for a correction'), ('erasure', 'Ask to be erased'), ('complaint', 'Complain about how your data is used')], max_length=12)),
                ('words', models.TextField(help_text="In the person's own words")),
                ('asked_at', models.DateTimeField()),
                ('due_on', models.DateField(help_text='A month after it was asked; a complaint is acknowledged within 30 days')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='privacy_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='privacy_request_answered_at_and_by')],
            },
        ),
    ]
