"""A plan and results are shared with a person, and who signed or commented is known whatever they are by now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def check_now(apps, schema_editor):
    """PostgreSQL checks foreign keys at the end, and alters no table whose rows it has still to check."""
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


def name_sponsors(apps, schema_editor):
    """Who was the sponsor when it was shared stands in the place's history; without it, sharing ends.

    Who was the mentor is not known below mentoring: sharing with mentors ends, and participants decide anew.
    """
    history = apps.get_model('cohorts', 'HistoricalPlace').objects
    for name in ('LearningPlan', 'Response'):
        model = apps.get_model('modules', name)
        model.objects.update(shared_with_mentor_at=None)
        for shared in model.objects.exclude(shared_with_sponsor_at=None):
            then = history.filter(id=shared.place_id, history_date__lte=shared.shared_with_sponsor_at)
            known = then.order_by('-history_date', '-history_id').first()
            shared.shared_with_sponsor_id = known.sponsor_id if known else None
            if shared.shared_with_sponsor_id is None:
                shared.shared_with_sponsor_at = None
            shared.save(update_fields=['shared_with_sponsor', 'shared_with_sponsor_at'])


def name_signers(apps, schema_editor):
    """The trail says who acted at the moment of a signature or a comment; where it names two, nobody is filled in."""
    trail = apps.get_model('people', 'AuditEvent').objects.filter(subject_type='modules.learningcontract')
    people = set(apps.get_model('people', 'Person').objects.values_list('pk', flat=True))

    def fill(row, events):
        actors = set(events.exclude(actor_id=None).values_list('actor_id', flat=True)) & people
        if len(actors) == 1:
            row.person_id = actors.pop()
            row.save(update_fields=['person'])

    for signature in apps.get_model('modules', 'Signature').objects.all():
        signed = trail.filter(action='modules.contract.signed', subject_id=str(signature.contract_id))
        fill(signature, signed.filter(at=signature.signed_at, sentence__endswith=f' as {signature.party}'))
    for comment in apps.get_model('modules', 'ContractComment').objects.all():
        said = trail.filter(action='modules.contract.commented', subject_id=str(comment.contract_id))
        fill(comment, said.filter(at=comment.made_at, actor=comment.name))


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0001_initial'),
        ('modules', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='contractcomment',
            name='person',
            field=models.ForeignKey(editable=False, help_text='Who said it, whatever they are to the participant by now', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contract_comments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='learningplan',
            name='shared_with_mentor',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='learningplan',
            name='shared_with_sponsor',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='response',
            name='shared_with_mentor',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='response',
            name='shared_with_sponsor',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signature',
            name='person',
            field=models.ForeignKey(editable=False, help_text='Who signed, whoever is the sponsor by now; unknown of some before this was kept', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contract_signatures', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(name_sponsors, migrations.RunPython.noop),
        migrations.RunPython(name_signers, migrations.RunPython.noop),
        migrations.RunPython(check_now, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='learningplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('shared_with_sponsor__isnull', True), ('shared_with_sponsor_at__isnull', True)), models.Q(('shared_with_sponsor__isnull', False), ('shared_with_sponsor_at__isnull', False)), _connector='OR'), name='learningplan_shared_with_sponsor_since'),
        ),
        migrations.AddConstraint(
            model_name='learningplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('shared_with_mentor__isnull', True), ('shared_with_mentor_at__isnull', True)), models.Q(('shared_with_mentor__isnull', False), ('shared_with_mentor_at__isnull', False)), _connector='OR'), name='learningplan_shared_with_mentor_since'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('shared_with_sponsor__isnull', True), ('shared_with_sponsor_at__isnull', True)), models.Q(('shared_with_sponsor__isnull', False), ('shared_with_sponsor_at__isnull', False)), _connector='OR'), name='response_shared_with_sponsor_since'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('shared_with_mentor__isnull', True), ('shared_with_mentor_at__isnull', True)), models.Q(('shared_with_mentor__isnull', False), ('shared_with_mentor_at__isnull', False)), _connector='OR'), name='response_shared_with_mentor_since'),
        ),
    ]
