# Two queues and one that the reader may not see; two agents, a bot, a supervisor, and the access that deskpulse has.
@Queues = (
    { Name => 'Support', CorrespondAddress => 'support@desk.example', CommentAddress => 'comment@desk.example' },
    { Name => 'Billing', CorrespondAddress => 'billing@desk.example' },
    { Name => 'Payroll' },
);
@Users = map { { Name => $_, RealName => ucfirst, EmailAddress => "$_\@desk.example", Password => "$_-password",
    Privileged => 1 } } qw(ann ben robo chief reader);
@Groups = ( { Name => 'Agents' } );
@Members = map { { Group => 'Agents', Class => 'RT::User', Name => $_ } } qw(ann ben robo);
@CustomFields = map { { Name => $_, Type => 'SelectSingle', LookupType => 'RT::Queue-RT::Ticket',
    ApplyTo => [ 'Support', 'Billing' ], Values => [ map { { Name => $_ } } 1 .. 5 ] } } qw(Severity Satisfaction);

my @of_agents = qw(CreateTicket ReplyToTicket CommentOnTicket OwnTicket TakeTicket ReassignTicket ModifyTicket
    ModifyCustomField);
my @of_readers = qw(SeeQueue ShowTicket ShowTicketComments SeeCustomField);
@ACL = (
    { UserId => 'chief', Right => 'SuperUser' },
    ( map { { UserId => 'reader', Right => $_ } } qw(SeeGroup AdminGroupMembership) ),
    map {
        my $queue = $_;
        ( map { { GroupDomain => 'SystemInternal', GroupType => 'Everyone', Queue => $queue, Right => $_ } }
            qw(CreateTicket ReplyToTicket) ),
        ( map { { UserId => 'reader', Queue => $queue, Right => $_ } } @of_readers ),
        map { { GroupDomain => 'UserDefined', GroupId => 'Agents', Queue => $queue, Right => $_ } }
            @of_agents, @of_readers;
    } qw(Support Billing),
);
@Final = map {
    my $name = $_;
    sub {
        my $user = RT::User->new( RT->SystemUser );
        $user->Load($name);
        my ( $ok, $words, $token ) = RT::AuthToken->new( RT->SystemUser )->Create( Owner => $user->id );
        print "token $name $token\n";
    }
} qw(reader ann);
1;
