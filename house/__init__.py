"""What every process needs before it can start: settings, the programme, the catalogues, quiet logs."""
