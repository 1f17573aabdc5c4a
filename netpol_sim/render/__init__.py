"""Values as text, JSON, tables and pictures: every sentence is composed here."""
