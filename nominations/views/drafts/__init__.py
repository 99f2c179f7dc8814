"""The pages of one draft: the task list and its questions, check and send, and what becomes of it afterwards."""
