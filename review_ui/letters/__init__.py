"""What leaves the office: notice, opinion, batch report."""
