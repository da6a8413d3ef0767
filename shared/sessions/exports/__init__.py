"""Exports: sessions in the forms that an import reads."""
