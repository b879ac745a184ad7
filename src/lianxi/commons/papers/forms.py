"""What people fill in to import a sheet."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """Choose a file."""

    file = forms.FileField(
        label=_("表格文件"),
        help_text=_(".xlsx或.csv，最多20 MB、100 000行。不用改格式，表头认得出就行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )
    sheet = forms.CharField(
        label=_("工作表名"),
        required=False,
        max_length=100,
        help_text=_("不填就读表头对得上的那一张。"),
    )
    again = forms.BooleanField(label=_("再导入一次"), required=False)


class UndoForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(label=_("为什么撤销"), max_length=200, min_length=2)
