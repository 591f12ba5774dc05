# A Request Tracker of its own: nothing of /etc is read, all it writes is in $DESK_FOLDER.
Set($rtname, 'desk.example');
Set($Organization, 'desk.example');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, "$ENV{DESK_FOLDER}/desk.sqlite");
Set($WebDomain, '127.0.0.1');
Set($WebPort, $ENV{DESK_PORT});
Set($WebBaseURL, "http://127.0.0.1:$ENV{DESK_PORT}");
Set($WebPath, '');
Set($CorrespondAddress, 'support@desk.example');
Set($CommentAddress, 'comment@desk.example');
Set($RTAddressRegexp, '^(?:support|billing|comment)@desk[.]example$');
Set($Timezone, 'Europe/Berlin');    # that of queries; answers are in UTC
Set($MailCommand, 'testfile');      # e-mails are recorded, and never sent
Set($BcryptCost, 4);                # of passwords and tokens that are asked for with every request
Set($LogToSyslog, undef);
Set($LogToFile, undef);
Set($LogToSTDERR, 'warning');
$RT::MasonDataDir = "$ENV{DESK_FOLDER}/mason";
$RT::MasonSessionDir = "$ENV{DESK_FOLDER}/sessions";
1;
