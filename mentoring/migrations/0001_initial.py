import django.db.models.deletion
import leaders.people.encryption
import mentoring.models.mentors
import mentoring.models.rules
import mentoring.models.service
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cohorts', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Coach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('groups_at_once', models.PositiveSmallIntegerField(default=1, verbose_name='groups at a time')),
                ('about', models.TextField(blank=True, verbose_name='about this coach, for the group')),
                ('joined_at', models.DateTimeField()),
                ('stood_down_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='coach', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'coaches',
                'ordering': ['person__name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('groups_at_once__range', (1, 4))), name='coach_of_1_to_4_groups')],
            },
        ),
        migrations.CreateModel(
            name='CoachingGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('reason', models.TextField(blank=True, editable=False, help_text='Why these people, as it was formed')),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('confirmed_by', models.CharField(blank=True, editable=False, max_length=150)),
                ('coach', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='mentoring.coach')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coaching_groups', to='cohorts.cohort')),
            ],
            options={
                'ordering': ['cohort', 'number'],
                'constraints': [models.UniqueConstraint(fields=('cohort', 'number'), name='coaching_group_number_unique'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', '')), models.Q(('confirmed_at__isnull', False), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='coaching_group_confirmed_at_and_by')],
            },
        ),
        migrations.CreateModel(
            name='CoachingGroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locked', models.BooleanField(default=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='mentoring.coachinggroup')),
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='coaching_membership', to='cohorts.place')),
            ],
            options={
                'ordering': ['group', 'place__person__name'],
            },
        ),
        migrations.CreateModel(
            name='CoachingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sequence', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('where', models.CharField(blank=True, max_length=200)),
                ('cancelled_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('recorded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('recorded_by', models.CharField(blank=True, editable=False, max_length=150)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='mentoring.coachinggroup')),
            ],
            options={
                'ordering': ['starts'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='coaching_session_ends_after_start'), models.UniqueConstraint(condition=models.Q(('cancelled_at', None)), fields=('group', 'starts'), name='coaching_session_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', '')), models.Q(('recorded_at__isnull', False), models.Q(('recorded_by', ''), _negated=True)), _connector='OR'), name='coaching_session_recorded_at_and_by')],
            },
        ),
        migrations.CreateModel(
            name='CoachingAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('present', models.BooleanField()),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coaching_attendance', to='cohorts.place')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='mentoring.coachingsession')),
            ],
            options={
                'ordering': ['session', 'place__person__name'],
                'constraints': [models.UniqueConstraint(fields=('session', 'place'), name='coaching_attendance_once')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('conflict', 'A conflict'), ('line', 'One of us manages or managed the other')], default='conflict', max_length=8)),
                ('whom', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('reason', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('declared_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declared_conflicts', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-declared_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', True), ('organisation__isnull', True), _connector='OR'), name='conflict_with_a_person_or_an_organisation'), models.CheckConstraint(condition=models.Q(('person__isnull', True), models.Q(('person', models.F('declared_by')), _negated=True), _connector='OR'), name='conflict_not_with_oneself')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalMatchCriterion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('group', models.CharField(choices=[('theme', 'What the modules are about'), ('service', 'Knowing a service from within'), ('step', 'Steps in a career'), ('preference', 'A mentor they named'), ('shared', 'Something both chose to share')], max_length=12)),
                ('order', models.PositiveSmallIntegerField(default=50)),
                ('label', models.CharField(help_text='In the middle of a sentence: “moving to a director’s post”', max_length=120)),
                ('weight', models.PositiveSmallIntegerField(default=2, help_text='How much it counts beside the others')),
                ('is_active', models.BooleanField(default=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical matching criterion',
                'verbose_name_plural': 'historical matching criteria',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMentoringRules',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('has_mentoring', models.BooleanField(default=True, verbose_name='offers each participant a mentor')),
                ('has_coaching', models.BooleanField(default=True, verbose_name='has coaching groups')),
                ('shows_names', models.BooleanField(default=True, help_text='Otherwise they choose among profiles without names', verbose_name='participants see mentors’ names')),
                ('wishes_days', models.PositiveSmallIntegerField(default=21, help_text='From a cohort’s start until participants have said what they look for', verbose_name='days for wishes')),
                ('matching_days', models.PositiveSmallIntegerField(default=28, help_text='From a cohort’s start to the day everybody is matched', verbose_name='days until matching')),
                ('first_meeting_days', models.PositiveSmallIntegerField(default=28, help_text='From the day both are told', verbose_name='days until the first meeting')),
                ('bands', models.JSONField(default=mentoring.models.rules.usual_bands, help_text='Fit, out of 4000, below which a match is poor: the fewest below each come first')),
                ('group_size', models.PositiveSmallIntegerField(default=6, verbose_name='people in a coaching group')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohorts.programme')),
            ],
            options={
                'verbose_name': 'historical mentoring rules',
                'verbose_name_plural': 'historical mentoring rules',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MatchCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('group', models.CharField(choices=[('theme', 'What the modules are about'), ('service', 'Knowing a service from within'), ('step', 'Steps in a career'), ('preference', 'A mentor they named'), ('shared', 'Something both chose to share')], max_length=12)),
                ('order', models.PositiveSmallIntegerField(default=50)),
                ('label', models.CharField(help_text='In the middle of a sentence: “moving to a director’s post”', max_length=120)),
                ('weight', models.PositiveSmallIntegerField(default=2, help_text='How much it counts beside the others')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'matching criterion',
                'verbose_name_plural': 'matching criteria',
                'ordering': ['order', 'key'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('group__in', ['preference', 'shared'])), fields=('group',), name='match_criterion_of_pairs_once')],
            },
        ),
        migrations.CreateModel(
            name='MatchRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('what', models.CharField(help_text='What was asked: a proposal, a lock, a veto', max_length=200)),
                ('on', models.DateField(help_text='The day by which the rules are judged')),
                ('dial_order', models.CharField(choices=[('total', 'Best total'), ('floor', 'Best worst match'), ('bands', 'Best worst match, and few poor ones')], default='bands', max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'Being worked out'), ('proposed', 'Proposed'), ('confirmed', 'Confirmed'), ('superseded', 'Superseded'), ('stopped', 'Stopped')], default='waiting', editable=False, max_length=10)),
                ('people', models.PositiveIntegerField(help_text='Mentees and mentors in the problem')),
                ('problem_text', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('input_hash', models.CharField(max_length=64)),
                ('outcome', models.JSONField(default=dict, help_text='Pairs, levels and the proof')),
                ('dial', models.JSONField(default=dict, help_text='The headline under each order, for the fairness dial')),
                ('result_hash', models.CharField(blank=True, max_length=64)),
                ('progress', models.CharField(blank=True, max_length=80)),
                ('left_out', models.JSONField(default=list, help_text='Mentors the office left out of this proposal, by key')),
                ('stop_asked', models.BooleanField(default=False)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=150)),
                ('solved_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.CharField(blank=True, max_length=150)),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='mentoring.matchrun')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='match_runs', to='cohorts.cohort')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['created_at'], name='match_run_waiting')],
                'constraints': [models.UniqueConstraint(fields=('cohort', 'number'), name='match_run_number_unique'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'proposed'])), fields=('cohort',), name='match_run_one_open_per_cohort'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', '')), models.Q(('confirmed_at__isnull', False), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='match_run_confirmed_at_and_by'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='match_run_confirmed_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['proposed', 'confirmed']), _negated=True), ('solved_at__isnull', False), _connector='OR'), name='match_run_proposed_is_solved')],
            },
        ),
        migrations.CreateModel(
            name='MenteeProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('in', 'Would like a mentor'), ('out', 'Would rather not')], editable=False, max_length=3)),
                ('chosen_at', models.DateTimeField()),
                ('modes', models.JSONField(default=mentoring.models.mentors.any_mode)),
                ('wants', models.JSONField(default=dict)),
                ('looking_for', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('goals', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('shares_words', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('priority', models.PositiveSmallIntegerField(default=0, verbose_name='waiting priority')),
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mentee_profile', to='cohorts.place')),
            ],
            options={
                'ordering': ['place'],
                'constraints': [models.CheckConstraint(condition=models.Q(('choice__in', ['in', 'out'])), name='mentee_profile_in_or_out')],
            },
        ),
        migrations.CreateModel(
            name='Mentor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('invited', 'Invited'), ('volunteered', 'Has offered'), ('approved', 'Approved'), ('stood_down', 'Stood down')], editable=False, max_length=12)),
                ('capacity', models.PositiveSmallIntegerField(default=1, help_text='How many people at a time')),
                ('active', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('modes', models.JSONField(default=mentoring.models.mentors.any_mode, help_text='Ways to meet that suit them')),
                ('meets_at', models.CharField(blank=True, max_length=150, verbose_name='where they can meet')),
                ('availability', models.CharField(blank=True, help_text='Such as mornings, not in August', max_length=200)),
                ('offers', models.JSONField(default=dict, help_text='Criterion key to level, 0 to 4')),
                ('offer', models.TextField(blank=True, verbose_name='what they offer, in their own words')),
                ('resting_until', models.DateField(blank=True, null=True)),
                ('shares_words', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('joined_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('approved_by', models.CharField(blank=True, editable=False, max_length=150)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mentor', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['person__name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('capacity__range', (1, 3))), name='mentor_capacity_1_to_3'), models.CheckConstraint(condition=models.Q(('active__lte', models.F('capacity'))), name='mentor_active_within_capacity'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', '')), models.Q(('approved_at__isnull', False), models.Q(('approved_by', ''), _negated=True)), _connector='OR'), name='mentor_approved_at_and_by'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), ('approved_at__isnull', False), _connector='OR'), name='mentor_approved_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='MentoringRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_mentoring', models.BooleanField(default=True, verbose_name='offers each participant a mentor')),
                ('has_coaching', models.BooleanField(default=True, verbose_name='has coaching groups')),
                ('shows_names', models.BooleanField(default=True, help_text='Otherwise they choose among profiles without names', verbose_name='participants see mentors’ names')),
                ('wishes_days', models.PositiveSmallIntegerField(default=21, help_text='From a cohort’s start until participants have said what they look for', verbose_name='days for wishes')),
                ('matching_days', models.PositiveSmallIntegerField(default=28, help_text='From a cohort’s start to the day everybody is matched', verbose_name='days until matching')),
                ('first_meeting_days', models.PositiveSmallIntegerField(default=28, help_text='From the day both are told', verbose_name='days until the first meeting')),
                ('bands', models.JSONField(default=mentoring.models.rules.usual_bands, help_text='Fit, out of 4000, below which a match is poor: the fewest below each come first')),
                ('group_size', models.PositiveSmallIntegerField(default=6, verbose_name='people in a coaching group')),
                ('programme', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mentoring_rules', to='cohorts.programme')),
            ],
            options={
                'verbose_name_plural': 'mentoring rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('wishes_days__lte', models.F('matching_days'))), name='mentoring_rules_wishes_before_matching'), models.CheckConstraint(condition=models.Q(('group_size__range', (4, 8))), name='mentoring_rules_group_of_4_to_8')],
            },
        ),
        migrations.CreateModel(
            name='Mentorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('proposed', 'Told, not begun'), ('active', 'Under way'), ('ended', 'Ended')], default='proposed', editable=False, max_length=8)),
                ('why_mentee', models.TextField(help_text='Why this match, for the mentee')),
                ('why_mentor', models.TextField(help_text='Why this match, for the mentor')),
                ('told_at', models.DateTimeField()),
                ('first_meeting_by', models.DateField()),
                ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='next meeting')),
                ('next_mode', models.CharField(blank=True, choices=[('in_person', 'In person'), ('video', 'By video'), ('phone', 'By phone')], max_length=10)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, choices=[('declined', 'Declined before it began'), ('ended', 'Ended, at nobody’s fault'), ('completed', 'Came to its end with the programme'), ('left', 'One of them left')], max_length=10)),
                ('ended_side', models.CharField(blank=True, choices=[('mentee', 'Mentee'), ('mentor', 'Mentor')], help_text='Who declined', max_length=6)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to='cohorts.cohort')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to='mentoring.mentor')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to='cohorts.place')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to='mentoring.matchrun')),
            ],
            options={
                'ordering': ['-told_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'active'])), fields=('place',), name='mentorship_one_live_per_place'), models.UniqueConstraint(condition=models.Q(('ended_side', 'mentee'), ('ending', 'declined')), fields=('place',), name='mentorship_declined_once_by_mentee'), models.UniqueConstraint(condition=models.Q(('ended_side', 'mentor'), ('ending', 'declined')), fields=('mentor', 'cohort'), name='mentorship_declined_once_by_mentor'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'ended'), models.Q(('ending', ''), _negated=True)), models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', True), ('ending', '')), _connector='OR'), name='mentorship_ended_has_a_time_and_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), ('begun_at__isnull', False), _connector='OR'), name='mentorship_active_has_begun'), models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', True), ('next_mode', '')), models.Q(('next_at__isnull', False), models.Q(('next_mode', ''), _negated=True)), _connector='OR'), name='mentorship_next_has_a_mode')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('video', 'By video'), ('phone', 'By phone')], max_length=10)),
                ('useful_mentee', models.BooleanField(blank=True, null=True)),
                ('useful_mentor', models.BooleanField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(choices=[('mentee', 'Mentee'), ('mentor', 'Mentor')], max_length=6)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='mentoring.mentorship')),
            ],
            options={
                'ordering': ['-on'],
                'constraints': [models.UniqueConstraint(fields=('mentorship', 'on'), name='meeting_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('aims', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('frequency', models.CharField(blank=True, max_length=150)),
                ('ending', leaders.people.encryption.EncryptedTextField(blank=True)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('mentee_agreed_at', models.DateTimeField(blank=True, null=True)),
                ('mentor_agreed_at', models.DateTimeField(blank=True, null=True)),
                ('mentorship', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agreement', to='mentoring.mentorship')),
            ],
        ),
        migrations.CreateModel(
            name='MentorshipReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('match', 'About the match'), ('middle', 'Half way'), ('end', 'At the end')], max_length=6)),
                ('side', models.CharField(choices=[('mentee', 'Mentee'), ('mentor', 'Mentor')], max_length=6)),
                ('going', models.CharField(choices=[('well', 'Well'), ('partly', 'Partly'), ('not', 'Not really')], max_length=6)),
                ('wants_to_talk', models.BooleanField(default=False, verbose_name='would like to talk to the programme office')),
                ('answered_at', models.DateTimeField()),
                ('talked_at', models.DateTimeField(blank=True, null=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='mentoring.mentorship')),
            ],
            options={
                'ordering': ['answered_at'],
                'constraints': [models.UniqueConstraint(fields=('mentorship', 'kind', 'side'), name='mentorship_review_once_per_side')],
            },
        ),
        migrations.CreateModel(
            name='MentorTraining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('full', 'Mentor training'), ('refresher', 'Refresher')], max_length=10)),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=150)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trainings', to='mentoring.mentor')),
            ],
            options={
                'ordering': ['-on'],
                'constraints': [models.UniqueConstraint(fields=('mentor', 'on'), name='mentor_training_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mentoring.mentor')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to='mentoring.menteeprofile')),
            ],
            options={
                'ordering': ['profile', 'rank'],
                'constraints': [models.UniqueConstraint(fields=('profile', 'mentor'), name='preference_once_per_mentor'), models.UniqueConstraint(fields=('profile', 'rank'), name='preference_rank_once'), models.CheckConstraint(condition=models.Q(('rank__range', (1, 4))), name='preference_rank_1_to_4')],
            },
        ),
        migrations.CreateModel(
            name='PrivateNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', leaders.people.encryption.EncryptedTextField()),
                ('written_at', models.DateTimeField()),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='mentoring.mentorship')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentoring_notes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-written_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('lock', 'Together'), ('veto', 'Not together')], max_length=4)),
                ('reason', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=150)),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentoring.mentor')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.place')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='mentoring.matchrun')),
            ],
            options={
                'ordering': ['run', 'kind', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('run', 'place', 'mentor'), name='ruling_once_per_pair'), models.UniqueConstraint(condition=models.Q(('kind', 'lock')), fields=('run', 'place'), name='ruling_one_lock_per_place')],
            },
        ),
        migrations.CreateModel(
            name='RunPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fit', models.PositiveSmallIntegerField(blank=True, help_text='0 to 4000', null=True)),
                ('parts', models.JSONField(default=list, help_text='Criterion key, points, most: they add up to the fit')),
                ('locked', models.BooleanField(default=False)),
                ('mentor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentoring.mentor')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.place')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='mentoring.matchrun')),
            ],
            options={
                'ordering': ['run', 'place__person__name'],
                'constraints': [models.UniqueConstraint(fields=('run', 'place'), name='run_pair_once_per_place'), models.CheckConstraint(condition=models.Q(models.Q(('fit__isnull', True), ('mentor__isnull', True)), models.Q(('fit__isnull', False), ('mentor__isnull', False)), _connector='OR'), name='run_pair_has_a_mentor_and_a_fit'), models.CheckConstraint(condition=models.Q(('fit__isnull', True), ('fit__lte', 4000), _connector='OR'), name='run_pair_fit_0_to_4000')],
            },
        ),
        migrations.CreateModel(
            name='ServiceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As it stands on the certificate', max_length=150)),
                ('mentees', models.PositiveSmallIntegerField()),
                ('meetings', models.PositiveSmallIntegerField()),
                ('code', models.CharField(default=mentoring.models.service.new_code, max_length=20, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentor_services', to='cohorts.cohort')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='mentoring.mentor')),
            ],
            options={
                'ordering': ['-issued_at'],
                'constraints': [models.UniqueConstraint(fields=('mentor', 'cohort'), name='service_once_per_cohort'), models.CheckConstraint(condition=models.Q(('mentees__gte', 1)), name='service_with_at_least_one_mentee')],
            },
        ),
    ]
