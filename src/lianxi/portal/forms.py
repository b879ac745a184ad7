"""Every form of the house is drawn in one style: `{{ form }}` or `<c-field :field="form.name" />`."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms from the project's own templates (`forms/…`): label above, hint, field, error under it."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
