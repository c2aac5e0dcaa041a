"""What people see (Weboberfläche): pages and command line; everything is asked of the workflows."""
