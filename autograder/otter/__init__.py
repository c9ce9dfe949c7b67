"""What runs inside Otter-Grader: the plugin that grades a submission in place of Otter's kernel."""
