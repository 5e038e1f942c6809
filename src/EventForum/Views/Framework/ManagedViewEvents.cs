namespace EventForum.Views.Framework;

// Facts of what admins did to a view. The stream's id follows from the view's name.

/// <summary>A view was stopped where it was: it goes on answering with what it holds.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Reason">1-500 characters.</param>
public sealed record ViewPaused(string View, string Reason);

/// <summary>A view that was paused takes in events again.</summary>
/// <param name="View">The view's name.</param>
/// <param name="Reason">1-500 characters.</param>
public sealed record ViewResumed(string View, string Reason);

/// <summary>A version of a view leaves an event out, for good.</summary>
/// <param name="View">The view's name.</param>
/// <param name="ViewVersion">The version of the view.</param>
/// <param name="StreamId">The stream of the event.</param>
/// <param name="Version">The event's version in that stream.</param>
/// <param name="Reason">1-500 characters.</param>
public sealed record ViewEventSkipped(string View, int ViewVersion, Guid StreamId, long Version, string Reason);
