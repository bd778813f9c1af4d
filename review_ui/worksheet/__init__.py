"""The reviewer's worksheet (XLSX), out and back in. `book` is the door."""
